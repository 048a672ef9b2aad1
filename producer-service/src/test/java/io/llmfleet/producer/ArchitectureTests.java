package io.llmfleet.producer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@AnalyzeClasses(
        packages = "io.llmfleet.producer",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final Path SOURCES = Path.of("src/main/java/io/llmfleet/producer");

    private static final DescribedPredicate<JavaClass> BROKER_CLIENT =
            resideInAPackage("com.rabbitmq..")
                    .or(resideInAPackage("org.springframework.amqp.."))
                    .as("the broker client");

    /**
     * Names, tags and descriptions are written once, so that tables and dashboards can rely on
     * them.
     */
    @ArchTest
    static final ArchRule onlyTheMetricsPackageRegistersMeters =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..metrics..")
                    .should()
                    .accessClassesThat()
                    .resideInAPackage("io.micrometer.core..");

    @ArchTest
    static final ArchRule featuresAreFreeOfCycles =
            slices().matching("io.llmfleet.producer.(*)..").should().beFreeOfCycles();

    /** What an API's endpoints share is a slice as well: it knows none of them. */
    @ArchTest
    static final ArchRule apisAndTheirEndpointsAreFreeOfCycles =
            slices().matching("io.llmfleet.producer.api.(**)").should().beFreeOfCycles();

    /** A configuration hands a connection factory on to an adapter and does nothing with it. */
    @ArchTest
    static final ArchRule onlyTheBrokerPackageAndAmqpClassesKnowTheBrokerClient =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..producer.broker..")
                    .and()
                    .haveSimpleNameNotStartingWith("Amqp")
                    .and()
                    .haveSimpleNameNotEndingWith("Configuration")
                    .should()
                    .dependOnClassesThat(BROKER_CLIENT);

    /** What is next in a run is decided without store, broker or clock. */
    @ArchTest
    static final ArchRule theRulesOfPipelinesArePure =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..producer.pipeline.definition..", "..producer.pipeline.run..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework..",
                            "java.sql..",
                            "io.llmfleet.producer.task..",
                            "io.llmfleet.producer.dispatch..");

    @ArchTest
    static final ArchRule theCoreKnowsNoBroker =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..producer.task..",
                            "..producer.access..",
                            "..producer.batch..",
                            "..producer.file..",
                            "..producer.job..",
                            "..producer.pipeline..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.llmfleet.broker..");

    @ArchTest
    static final ArchRule theCoreStandsOnNoOtherFeature =
            noClasses()
                    .that()
                    .resideInAPackage("..producer.task..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.llmfleet.producer..")
                                    .and(
                                            DescribedPredicate.not(
                                                    resideInAPackage("..producer.task..")))
                                    .and(
                                            DescribedPredicate.not(
                                                    resideInAPackage("..producer.metrics.."))));

    @ArchTest
    static final ArchRule nothingDependsOnTheApi =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..producer.api..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..producer.api..");

    @ArchTest
    static final ArchRule theApiKnowsNoSql =
            noClasses()
                    .that()
                    .resideInAPackage("..producer.api..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.sql..", "org.springframework.jdbc..");

    @ArchTest
    static final ArchRule nothingDependsOnAnotherService =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.llmfleet.router..", "io.llmfleet.worker..", "io.llmfleet.cli..");

    @ParameterizedTest
    @CsvSource({
        "task,       task",
        "task,       task_input",
        "task,       task_output",
        "task,       task_open",
        "task,       task_key",
        "task,       result_outbox",
        "task,       conversation",
        "access,     access_key",
        "batch,      batch",
        "deadletter, dead_letter",
        "deadletter, dead_letter_job",
        "deadletter, dead_letter_policy",
        "deadletter, dead_letter_breaker",
        "once,       request_once",
        "response,   response",
        "file,       file",
        "file,       file_chunk",
        "job,        batch_job",
        "job,        batch_job_line",
        "limit,      limit_window",
        "limit,      limit_queue",
        "limit,      limit_hold",
        "pipeline,   pipeline",
        "pipeline,   pipeline_run",
        "pipeline,   pipeline_step",
        "pipeline,   pipeline_call",
        "pipeline,   pipeline_wake",
        "webhook,    webhook_secret",
        "webhook,    webhook_delivery",
    })
    void onlyItsOwnPackageWritesATable(String owner, String table) throws IOException {
        Pattern write =
                Pattern.compile("(insert\\s+into|update|delete\\s+from)\\s+" + table + "\\b");
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> writers =
                    files.filter(f -> f.toString().endsWith(".java"))
                            .filter(f -> write.matcher(read(f)).find())
                            .map(SOURCES::relativize)
                            .toList();

            assertThat(writers).isNotEmpty().allMatch(f -> f.startsWith(owner));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
