"""The trainings as Wagtail's own database search would index them: an application of the benchmarks alone."""
