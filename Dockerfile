# Parapet with its compiler. Builds from a checkout:
#   docker build -t parapet . && docker run --rm -i parapet scan - < audit.log
FROM golang:1.26-bookworm AS go

FROM node:22-bookworm-slim AS build
# The compiler inside Parapet is OPA, built to WebAssembly with Go.
COPY --from=go /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:$PATH
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /parapet
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run prepare && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
COPY --from=build /parapet/package.json /parapet/package.json
COPY --from=build /parapet/node_modules /parapet/node_modules
COPY --from=build /parapet/bin /parapet/bin
COPY --from=build /parapet/dist /parapet/dist
COPY --from=build /parapet/toolchain /parapet/toolchain
COPY --from=build /parapet/rego /parapet/rego
COPY --from=build /parapet/falco-rules /parapet/falco-rules
COPY --from=build /parapet/bundles /parapet/bundles
RUN ln -s /parapet/bin/parapet.cjs /usr/local/bin/parapet && chmod +x /parapet/bin/parapet.cjs
# Compiled results; a volume here keeps them between runs.
ENV PARAPET_CACHE_DIR=/var/cache/parapet
RUN mkdir -p /var/cache/parapet && chown node:node /var/cache/parapet
USER node
WORKDIR /work
EXPOSE 8181
ENTRYPOINT ["parapet"]
