#!/usr/bin/env bash
# Create, in the Elasticsearch of ELASTICSEARCH_URL, the roles of search/engines/elasticsearch/roles/ and one account of the same name for
# each. Run again, it sets the same roles and the passwords given then. Needs bash and curl alone, so that Elasticsearch's own image runs it.
#
#   ELASTICSEARCH_URL ELASTIC_PASSWORD ELASTICSEARCH_SEARCH_PASSWORD ELASTICSEARCH_INDEX_PASSWORD [ELASTICSEARCH_CA_CERTS] [ROLES_DIR]
set -euo pipefail
roles=${ROLES_DIR:-$(dirname "${BASH_SOURCE[0]}")/../search/engines/elasticsearch/roles}

fail() { echo "elasticsearch_accounts: $*" >&2; exit 1; }

put() { # put PATH: the body comes on standard input; no password ever appears among the arguments of a process
    curl -fsS --max-time 30 ${ELASTICSEARCH_CA_CERTS:+--cacert "$ELASTICSEARCH_CA_CERTS"} \
        --config <(printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD") \
        -X PUT -H "Content-Type: application/json" --data-binary @- "${ELASTICSEARCH_URL%/}$1" >/dev/null
}

create() { # create NAME PASSWORD
    put "/_security/role/$1" < "$roles/$1.json"
    printf '{"password": "%s", "roles": ["%s"]}' "$2" "$1" | put "/_security/user/$1"
    echo "$1: role and account are set"
}

for name in ELASTICSEARCH_URL ELASTIC_PASSWORD ELASTICSEARCH_SEARCH_PASSWORD ELASTICSEARCH_INDEX_PASSWORD; do
    [ -n "${!name:-}" ] || fail "$name is missing"
done
for name in ELASTIC_PASSWORD ELASTICSEARCH_SEARCH_PASSWORD ELASTICSEARCH_INDEX_PASSWORD; do
    # Nothing that JSON or curl would read as more than a letter.
    [[ ${!name} =~ ^[A-Za-z0-9_.-]{6,}$ ]] || fail "$name: six characters or more among letters, digits and _ . -"
done
create biofiliere-search "$ELASTICSEARCH_SEARCH_PASSWORD"
create biofiliere-index "$ELASTICSEARCH_INDEX_PASSWORD"
