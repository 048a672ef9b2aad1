package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what happens to a task until it is final. */
@Command(
        name = "follow",
        mixinStandardHelpOptions = true,
        description = "Print what happens to a task as it happens, and its answer as it is made.")
public final class FollowCommand implements Callable<Integer> {

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "ID", description = "The task's id.")
    String id = "";

    @Option(
            names = "--queue",
            description = "Also tell its place in line while it waits, as a terminal is told.")
    boolean queue;

    @Override
    public Integer call() {
        boolean places = queue || session.interactive();
        return new Following(session.api(), session, Paths.part(id), places).untilFinal();
    }
}
