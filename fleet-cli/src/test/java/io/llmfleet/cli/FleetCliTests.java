package io.llmfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class FleetCliTests {

    static Stream<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        collect(new CommandLine(new FleetCli()), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(c -> collect(c, all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandAndEachOfItsOptionsIsDescribed(CommandLine command) {
        assertThat(command.getCommandSpec().usageMessage().description())
                .as(command.getCommandName())
                .isNotEmpty();
        assertThat(command.getCommandSpec().args())
                .allSatisfy(a -> assertThat(a.description()).as(a.toString()).isNotEmpty());
        assertThat(command.getCommandSpec().findOption("--help")).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatDoesSomethingCanPrintJson(CommandLine command) {
        if (command.getSubcommands().isEmpty()) {
            assertThat(command.getCommandSpec().findOption("--json"))
                    .as(command.getCommandName())
                    .isNotNull();
        }
    }

    @Test
    void wrongUsageIsExitCodeTwo() {
        assertThat(FleetCli.run("submit")).isEqualTo(FleetException.USAGE);
        assertThat(FleetCli.run("key")).isEqualTo(FleetException.USAGE);
        assertThat(FleetCli.run("list", "--limit", "many")).isEqualTo(FleetException.USAGE);
        assertThat(FleetCli.run("--help")).isZero();
    }
}
