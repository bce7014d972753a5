# The image of the site, its worker and its setup (compose.yaml).
# NOT RUN HERE: written where no Docker daemon runs. What its steps do (installing, collectstatic, gunicorn) was run outside a container.
FROM python:3.11-slim

# ML=0 leaves out what runs the model of meaning: search is then by words, and says so.
ARG ML=1

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    BIOFILIERE_STATE_DIR=/var/lib/biofiliere \
    STATIC_ROOT=/srv/static

# A volume mounted on the state folder takes its owner from here.
RUN useradd --uid 10001 --user-group --create-home biofiliere \
    && install --directory --owner=biofiliere --group=biofiliere /var/lib/biofiliere

WORKDIR /srv/biofiliere

# Packages before code: a change of code does not install them again.
COPY pyproject.toml constraints.txt README.md ./
RUN if [ "$ML" = 0 ]; then extras=; else extras='[ml]'; fi \
    && pip install -c constraints.txt ".$extras"

COPY . .
# Settings do not start without a key and a host; collecting files uses neither.
RUN SECRET_KEY=unused ALLOWED_HOSTS=unused BIOFILIERE_STATE_DIR=/tmp/state \
    python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/state

USER biofiliere
EXPOSE 8000
CMD ["gunicorn", "cms.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]
