# The images of the services and of the command line; SERVICE says which. docker-compose.yml builds all four.
ARG JDK=eclipse-temurin:25-jdk
ARG JRE=eclipse-temurin:25-jre
# Where the jars come from: source (built here) or host (built before by ./mvnw package).
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

# A jar in layers, from what changes least to what changes with every build, and its bill of materials.
FROM ${JDK} AS layers
ARG SERVICE
COPY --from=jars /jars/${SERVICE}.jar /build/
WORKDIR /layers
RUN java -Djarmode=tools -jar /build/${SERVICE}.jar extract --layers --destination . --application-filename app.jar \
 && cd /build && jar xf ${SERVICE}.jar META-INF/sbom/application.cdx.json

FROM ${JRE} AS runtime
WORKDIR /app
# What the JVM is told besides by its owner; Kubernetes says it, too.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"

FROM runtime AS fleet-cli
COPY --from=jars /jars/lib ./lib
COPY --from=jars /jars/fleet-cli.jar ./
COPY examples ./examples
RUN install -d -o 10001 -g 10001 /home/fleet
ENV FLEET_HOME=/home/fleet
USER 10001:10001
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Dfleet.root=/app", "-jar", "fleet-cli.jar"]

FROM runtime AS service
COPY --from=layers /layers/dependencies ./
COPY --from=layers /layers/snapshot-dependencies ./
COPY --from=layers /layers/application ./
COPY --from=layers /build/META-INF/sbom ./sbom
# What native libraries are unpacked to; a read-only root needs a tmpfs on it from which programs may run.
ENV SERVER_ADDRESS=0.0.0.0 SERVER_PORT=8080 DJL_CACHE_DIR=/tmp/djl
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=6 \
  CMD curl -fsS -o /dev/null http://127.0.0.1:$SERVER_PORT/actuator/health/readiness
USER 10001:10001
ENTRYPOINT ["java", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-jar", "app.jar"]
