package io.llmfleet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = {
            "io.llmfleet.capacity",
            "io.llmfleet.choice",
            "io.llmfleet.model",
            "io.llmfleet.wire",
            "io.llmfleet.type"
        },
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule theContractStandsOnNoFrameworkAndNoBrokerClient =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework..",
                            "com.rabbitmq..",
                            "java.sql..",
                            "java.net.http..");

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.llmfleet.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theModelKnowsNothingOfTheWire =
            noClasses()
                    .that()
                    .resideInAPackage("io.llmfleet.model..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.llmfleet.wire..", "io.llmfleet.type..");
}
