# The studio, and a head or node of Ray: one image, as both ends of a cluster need the same Python
# and the same packages.
FROM node:22-slim AS page
WORKDIR /tabrl/web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web ./
RUN npm run build

FROM python:3.13-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Clips need an off-screen OpenGL context.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libegl1 libgl1-mesa-dri libopengl0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /tabrl
# All that the tests ran with, hash by hash: packages of Ray and of PostgreSQL are among it.
COPY requirements-dev.lock ./
RUN sed -n '/^uv==/,/# via/p' requirements-dev.lock \
    | pip install --no-cache-dir --require-hashes -r /dev/stdin \
    && uv pip sync --system --no-cache --require-hashes requirements-dev.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
COPY --from=page /tabrl/src/tabrl/server/static src/tabrl/server/static
RUN uv pip install --system --no-cache --no-deps --no-build-isolation . \
    && useradd --create-home --uid 1000 tabrl \
    && install -d -o tabrl -g tabrl /data /cache
USER 1000
WORKDIR /home/tabrl
ENV TABRL_HOME=/data TABRL_CACHE=/cache
EXPOSE 8000
CMD ["tabrl", "serve", "--host", "0.0.0.0"]
