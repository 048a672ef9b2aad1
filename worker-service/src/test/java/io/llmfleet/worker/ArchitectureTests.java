package io.llmfleet.worker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(
        packages = "io.llmfleet.worker",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final DescribedPredicate<JavaClass> BROKER_CLIENT =
            resideInAPackage("com.rabbitmq..")
                    .or(resideInAPackage("org.springframework.amqp.."))
                    .as("the broker client");

    /** The built-in engine is one of the backends, in a package of its own for its size. */
    private static final SliceAssignment FEATURES =
            new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    String name =
                            type.getPackageName().replaceFirst("io\\.llmfleet\\.worker\\.?", "");
                    if (name.isEmpty()) {
                        return SliceIdentifier.ignore();
                    }
                    return SliceIdentifier.of(name.equals("builtin") ? "backend" : name);
                }

                @Override
                public String getDescription() {
                    return "features of the worker";
                }
            };

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
            SlicesRuleDefinition.slices().assignedFrom(FEATURES).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheBrokerPackageKnowsTheBrokerClient =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..worker.broker..")
                    .should()
                    .dependOnClassesThat(BROKER_CLIENT);

    @ArchTest
    static final ArchRule recoveryIsPure =
            classes()
                    .that(
                            resideInAPackage("..recovery..")
                                    .and(
                                            DescribedPredicate.not(
                                                    simpleNameEndingWith("Properties"))))
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "io.llmfleet.model..",
                            "io.llmfleet.wire..",
                            "..worker.recovery..");

    @ArchTest
    static final ArchRule backendsKnowNothingOfMessages =
            noClasses()
                    .that()
                    .resideInAnyPackage("..backend..", "..builtin..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..worker.execution..", "..worker.broker..", "io.llmfleet.broker..");

    @ArchTest
    static final ArchRule nothingDependsOnAnotherService =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.llmfleet.producer..", "io.llmfleet.router..", "io.llmfleet.cli..");
}
