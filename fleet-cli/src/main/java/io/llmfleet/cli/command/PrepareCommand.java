package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a build is followed by; not listed, since a person gains nothing from it. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "Make what lets the services of this build start fast.")
public final class PrepareCommand implements Runnable {

    @Mixin Session session = new Session();

    @Override
    public void run() {
        session.home().prepare(session::progress);
    }
}
