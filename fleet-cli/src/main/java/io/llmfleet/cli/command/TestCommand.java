package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Runs the tests. The work is the script's: they rebuild the very jars that this process runs from.
 */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Run the tests: what ./mvnw verify does, and a summary.")
public final class TestCommand implements Callable<Integer> {

    @Mixin Session session = new Session();

    @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Passed on to Maven.")
    List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(session.root().resolve("fleet").toString());
        command.add("test");
        command.addAll(options);
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new FleetException("cannot run the script: " + e.getMessage(), e);
        }
    }
}
