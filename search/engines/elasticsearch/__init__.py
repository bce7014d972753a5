"""The engine for more than one machine: Elasticsearch 8.19 and later, through `elasticsearch.dsl`."""
