# Two stages: uv and its cache stay behind in the first; the second holds Python, the packages and the code.

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=/opt/venv
WORKDIR /src
COPY requirements/tools.txt requirements/base.txt requirements/
RUN python -m pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
      --target /opt/tools --require-hashes --requirement requirements/tools.txt \
 && /opt/tools/bin/uv venv --python "$(command -v python)" /opt/venv \
 && /opt/tools/bin/uv pip sync --require-hashes requirements/base.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    KEUKENTAFEL_MODE=production VAR_DIR=/var/keukentafel STATIC_ROOT=/app/staticfiles WEB_BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent keukentafel \
 && install --directory --owner=keukentafel --group=keukentafel --mode=0700 /var/keukentafel
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY manage.py ./
COPY corporatie corporatie
COPY tenants tenants
COPY cases cases
COPY visits visits
COPY projects projects
COPY templates templates
COPY static static
COPY locale locale
# Needs no secret: embedded mode makes its own, in a folder that goes with this line. The files get the names that
# production asks for (STATIC_MANIFEST).
RUN KEUKENTAFEL_MODE=embedded VAR_DIR=/tmp/build STATIC_MANIFEST=on sh -c \
      'python manage.py compilemessages && python manage.py collectstatic --noinput' \
 && rm -rf /tmp/build && python -m compileall -q corporatie tenants cases visits projects
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "process", "web"]
