package io.llmfleet.system;

import io.llmfleet.cli.FleetException;
import io.llmfleet.system.bench.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of {@code ./fleet} that start fleets of their own to measure or break them. */
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        subcommands = {BenchCommand.class, ChaosCommand.class})
public final class SystemTests {

    private SystemTests() {}

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new SystemTests())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setExecutionExceptionHandler(SystemTests::explain)
                        .execute(args));
    }

    private static int explain(
            Exception e, CommandLine command, CommandLine.ParseResult parseResult) {
        if (System.getenv("FLEET_DEBUG") != null) {
            e.printStackTrace(command.getErr());
        }
        String what = e instanceof FleetException ? e.getMessage() : "unexpected: " + e;
        command.getErr().println("fleet: " + what);
        return e instanceof FleetException expected ? expected.exitCode() : FleetException.FAILED;
    }
}
