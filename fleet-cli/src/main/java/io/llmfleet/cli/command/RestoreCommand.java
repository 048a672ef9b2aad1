package io.llmfleet.cli.command;

import io.llmfleet.cli.Session;
import io.llmfleet.cli.backup.BackupFile;
import io.llmfleet.cli.backup.FleetBackup;
import io.llmfleet.cli.backup.Manifest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fills an empty store from a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Fill the store from a backup; the fleet must be down.",
            "",
            "The file is checked whole before anything is changed. What was final stays as it is,"
                    + " unfinished tasks are dispatched anew by the next ./fleet up, and what the"
                    + " broker's queues have of tasks is deleted."
        })
public final class RestoreCommand implements Runnable {

    @Mixin Session session = new Session();

    @Parameters(paramLabel = "FILE", description = "What ./fleet backup made.")
    Path file = Path.of("");

    @Option(names = "--force", description = "Delete what the store has; without it, refuse.")
    boolean force;

    @Override
    public void run() {
        try (BackupFile backup = BackupFile.open(file)) {
            int open = new FleetBackup(session.localFleet()).restore(backup, force);
            Manifest manifest = backup.manifest();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("madeAt", manifest.madeAt());
            facts.put("schemaVersion", manifest.schemaVersion());
            facts.put("tasks", manifest.rows("task"));
            facts.put("dispatchedAnew", open);
            session.print(
                    facts,
                    "restored as of %s: %d tasks, %d of them are dispatched anew by ./fleet up"
                            .formatted(manifest.madeAt(), manifest.rows("task"), open));
        }
    }
}
