package io.llmfleet.cli.command;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.Session;
import io.llmfleet.cli.backup.FleetBackup;
import io.llmfleet.cli.backup.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies the store and what belongs to it to a file. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Copy the store to a file, while the fleet runs or not.",
            "",
            "It has all that was committed at one moment: tasks, answers, files, keys, dead letters;"
                    + " and the home's API key, AMQP clients and broker passwords. So keep it like a"
                    + " password."
        })
public final class BackupCommand implements Runnable {

    @Mixin Session session = new Session();

    @Parameters(
            paramLabel = "FILE",
            description = "A new file, or a folder: then the file has the time as its name.")
    Path target = Path.of("");

    @Override
    public void run() {
        Path file = FleetBackup.file(target);
        Manifest manifest = new FleetBackup(session.localFleet()).backup(file);
        long bytes = size(file);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", file.toString());
        facts.put("bytes", bytes);
        facts.put("madeAt", manifest.madeAt());
        facts.put("schemaVersion", manifest.schemaVersion());
        facts.put("tasks", manifest.rows("task"));
        facts.put("unfinished", manifest.rows("task_open"));
        facts.put("rows", manifest.rows());
        session.print(
                facts,
                "%d tasks (%d unfinished), %d rows in all, %d KB: %s"
                        .formatted(
                                manifest.rows("task"),
                                manifest.rows("task_open"),
                                manifest.rows(),
                                bytes / 1_000,
                                file));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new FleetException("cannot read " + file + ": " + e, e);
        }
    }
}
