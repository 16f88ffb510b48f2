# Tollgate without the embedded servers: PostgreSQL and NATS are named by DATABASE_URL and NATS_URL.
# Version and digest are pinned: see docs/operations.md.

FROM node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY clients/typescript clients/typescript
COPY web web
RUN npm run build

FROM node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are the embedded PostgreSQL of every platform: 60 MB that this image never starts.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund
# Of each font documents take two files of a few hundred KB: the packages have 280 MB more, for browsers.
RUN find node_modules/@fontsource -regextype egrep -type f \
  \( -name '*.woff2' -o -name '*-italic.woff' \
  -o -regex '.*-(100|200|300|500|600|800|900)-normal\.woff' -o -regex '.*-[0-9]+-[0-9]+-normal\.woff' \) -delete

FROM node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/tollgate
WORKDIR /app
COPY package.json ./
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY drizzle drizzle
COPY bin bin
# Mail without SMTP_URL, and the first API key.
RUN install -d -o node -g node /var/lib/tollgate
VOLUME /var/lib/tollgate
# The image's user node, by number: Kubernetes' runAsNonRoot cannot tell from a name that it is not root.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# node itself is process 1 and gets SIGTERM: it drains before it ends.
CMD ["node", "--enable-source-maps", "dist/main.js"]
