package io.llmfleet.router;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.llmfleet.router",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final DescribedPredicate<JavaClass> BROKER_CLIENT =
            resideInAPackage("com.rabbitmq..")
                    .or(resideInAPackage("org.springframework.amqp.."))
                    .or(resideInAPackage("io.llmfleet.broker.."))
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
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.llmfleet.router.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheBrokerPackageKnowsTheBrokerClient =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..broker..")
                    .and()
                    .haveSimpleNameNotStartingWith("Amqp")
                    .should()
                    .dependOnClassesThat(BROKER_CLIENT);

    @ArchTest
    static final ArchRule routingIsPure =
            classes()
                    .that(
                            resideInAPackage("..routing..")
                                    .and(DescribedPredicate.not(simpleNameEndingWith("Properties")))
                                    .and(DescribedPredicate.not(nameMatching(".*Properties\\$.*"))))
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "io.llmfleet.choice..",
                            "io.llmfleet.model..",
                            "io.llmfleet.wire..",
                            "..router.routing..");

    @ArchTest
    static final ArchRule nothingDependsOnAnotherService =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.llmfleet.producer..", "io.llmfleet.worker..", "io.llmfleet.cli..");
}
