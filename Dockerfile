# The images of the services (SERVICE says which) and, as target fleet-cli, of the command line;
# docker-compose.yml builds all four.
ARG JDK=eclipse-temurin:25-jdk
ARG JRE=eclipse-temurin:25-jre
# Where the jars come from: source (built here) or host (built before by ./mvnw -DskipTests package).
ARG JARS=source

FROM ${JDK} AS source
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -q -B -ntp -DskipTests -pl producer-service,router-service,worker-service,fleet-cli -am package \
 && mkdir /jars && cp *-service/target/*-service.jar fleet-cli/target/fleet-cli.jar /jars/ && cp -r fleet-cli/target/lib /jars/

FROM scratch AS host
COPY *-service/target/*-service.jar fleet-cli/target/fleet-cli.jar /jars/
COPY fleet-cli/target/lib /jars/lib

FROM ${JARS} AS jars

# A service's jar in layers, from what changes least to what changes with every build, and its bill of materials.
FROM ${JDK} AS layers
ARG SERVICE=producer-service
WORKDIR /layers
COPY --from=jars /jars/${SERVICE}.jar /build/
RUN java -Djarmode=tools -jar /build/${SERVICE}.jar extract --layers --destination . --application-filename app.jar \
 && cd /build && jar xf ${SERVICE}.jar META-INF/sbom/application.cdx.json

FROM ${JDK} AS cli-layers
WORKDIR /layers
COPY --from=jars /jars/fleet-cli.jar ./
COPY --from=jars /jars/lib ./lib
# No database is started in a container.
RUN jar xf fleet-cli.jar META-INF/sbom/application.cdx.json && rm -f lib/embedded-postgres-binaries-*

FROM ${JRE} AS fleet-cli
WORKDIR /app
COPY --from=cli-layers /layers/lib ./lib
COPY --from=cli-layers /layers/fleet-cli.jar ./
COPY --from=cli-layers /layers/META-INF/sbom ./sbom
COPY examples ./examples
# Its migrations make the tables that a backup is restored to.
COPY --from=layers /layers/application/app.jar ./producer-service/target/producer-service.jar
RUN printf '%s\n' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xlog:aot=off -Dfleet.root=/app > options \
 && java @options -XX:AOTCacheOutput=fleet.aot -jar /app/fleet-cli.jar topology show > /dev/null \
 && printf '#!/bin/sh\nexec java @/app/options -XX:AOTCache=/app/fleet.aot -jar /app/fleet-cli.jar "$@"\n' > /usr/local/bin/fleet \
 && chmod 755 /usr/local/bin/fleet \
 && install -d -o 10001 -g 10001 /home/fleet
ENV FLEET_HOME=/home/fleet
USER 10001:10001
ENTRYPOINT ["fleet"]

FROM ${JRE} AS service
WORKDIR /app
COPY --from=layers /layers/dependencies ./
COPY --from=layers /layers/snapshot-dependencies ./
COPY --from=layers /layers/application ./
COPY --from=layers /build/META-INF/sbom ./sbom
# Native libraries are unpacked to /tmp; a read-only root needs a tmpfs there from which programs may run.
ENV SERVER_ADDRESS=0.0.0.0 SERVER_PORT=8080 DJL_CACHE_DIR=/tmp/djl \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
# Starts it once, up to where it would talk to broker and database, and keeps what was loaded and linked.
RUN printf '%s\n' -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED > options \
 && FLEET_BROKER_URI=amqp://nobody@localhost java @options -XX:AOTCacheOutput=app.aot \
    -Dspring.context.exit=onRefresh -Dspring.flyway.enabled=false -jar app.jar
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=10s --start-period=3m --retries=6 \
  CMD curl -fsS -o /dev/null http://127.0.0.1:$SERVER_PORT/actuator/health/readiness
USER 10001:10001
ENTRYPOINT ["java", "@/app/options", "-XX:AOTCache=app.aot", "-jar", "app.jar"]
