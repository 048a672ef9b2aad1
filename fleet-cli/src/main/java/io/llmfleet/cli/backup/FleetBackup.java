package io.llmfleet.cli.backup;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.LocalFleet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Backup and restore of a fleet: its store, and of its home the key, the clients and the passwords
 * of the broker's users.
 */
public final class FleetBackup {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'fleet-'yyyyMMdd'T'HHmmss'Z.zip'");

    private final LocalFleet fleet;

    public FleetBackup(LocalFleet fleet) {
        this.fleet = fleet;
    }

    /** The file itself, or in a folder a new one that has the time as its name. */
    public static Path file(Path told) {
        if (!Files.isDirectory(told)) {
            return told;
        }
        return told.resolve(ZonedDateTime.now(ZoneOffset.UTC).format(NAME));
    }

    /** Whether the fleet runs or not. */
    public Manifest backup(Path file) {
        if (!fleet.hasStore()) {
            throw new FleetException(
                    "there is no fleet in " + fleet.home().folder() + ": nothing to back up");
        }
        return fleet.onDatabase(at -> new BackupWriter(at, fleet.home().keepsakes()).write(file));
    }

    /**
     * The services must not run; the next {@code up} goes on with what was restored.
     *
     * @param force whether what the store has may be deleted
     * @return how many unfinished tasks are dispatched anew
     */
    public int restore(BackupFile backup, boolean force) {
        fleet.requireStopped();
        int open =
                fleet.onDatabase(
                        at ->
                                new StoreRestore(at, fleet.home().producerJar())
                                        .restore(backup, force));
        fleet.home().keep(backup.home());
        fleet.forgetQueues();
        return open;
    }
}
