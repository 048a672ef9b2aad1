package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.time.Duration;
import java.util.List;

/** PostgreSQL refuses to run as root: what to put before its commands so that it does not. */
final class Unprivileged {

    private Unprivileged() {}

    /**
     * Nothing for a normal user; for root, a user namespace in which nobody is root and the files
     * stay those of their owner.
     */
    static List<String> prefix() {
        if (!Programs.root()) {
            return List.of();
        }
        if (Programs.run(Duration.ofSeconds(30), "unshare", "-U", "true").ok()) {
            return List.of("unshare", "-U");
        }
        throw new FleetException(
                "the database cannot run as root here, because this machine forbids user"
                        + " namespaces: run as another user, or give FLEET_DB_URL");
    }
}
