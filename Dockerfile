# Builds the page, then keeps only what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    TUNNA_DATA_DIR=/data \
    TUNNA_BIND=0.0.0.0
WORKDIR /app
COPY --from=build /app /app
# The command by its name, and a data folder that belongs to the user who runs it.
RUN ln -s /app/cli/main.ts /usr/local/bin/tunna && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 1883 8083 8883
# A migration of a large database may take longer than a start.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "cli/main.ts", "ready"]
STOPSIGNAL SIGTERM
CMD ["node", "cli/main.ts", "start"]
