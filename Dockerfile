FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY build.ts tsconfig.json ./
COPY src ./src
RUN node build.ts

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The built-in PostgreSQL is optional and not for production: DATABASE_URL is required there.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY migrations ./migrations
COPY public ./public
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# What is compiled at a first start is part of the image: containers begin without their predecessors' files.
RUN install -d -o node dist/compiled
USER node
RUN node dist/main.js help > /dev/null
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "serve"]
