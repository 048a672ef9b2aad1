package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says of every part of the local fleet whether it does its job. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show every part of the local fleet; exit code 3 unless all are up.")
public final class StatusCommand implements Callable<Integer> {

    @Mixin Session session = new Session();

    @Override
    public Integer call() {
        Map<String, String> parts = session.localFleet().status();
        session.print(
                parts,
                parts.entrySet().stream()
                        .map(p -> String.format("%-10s%s", p.getKey(), p.getValue()))
                        .collect(Collectors.joining("\n")));
        boolean whole =
                parts.values().stream()
                        .noneMatch(v -> v.startsWith("down") || v.startsWith("running, not"));
        return whole ? 0 : FleetException.UNREACHABLE;
    }
}
