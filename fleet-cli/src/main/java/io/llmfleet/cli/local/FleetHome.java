package io.llmfleet.cli.local;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folder in which one fleet keeps everything: keys and passwords, data, process ids, logs. Two
 * homes are two fleets that know nothing of each other.
 */
public final class FleetHome {

    private static final String KEY_PREFIX = "flk_";

    private final Path folder;
    private final Applications applications;

    /**
     * @param root of the project, where the services' jars are
     * @param folder made at its first use
     */
    public FleetHome(Path root, Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        this.applications = new Applications(root, this.folder.resolve("app"));
    }

    public Path folder() {
        return folder;
    }

    Applications applications() {
        return applications;
    }

    Path run(String file) {
        return folder.resolve("run").resolve(file);
    }

    public Path logs(String file) {
        return folder.resolve("logs").resolve(file);
    }

    /**
     * Passwords of the broker's users.
     *
     * @param given by user; the others are the fleet's to make
     */
    public Secrets secrets(Map<String, String> given) {
        return new Secrets(folder.resolve("secrets"), given);
    }

    public Brokers brokers(Map<String, String> environment) {
        return new Brokers(folder.resolve("broker"), environment);
    }

    public LocalBroker localBroker() {
        return new LocalBroker(folder.resolve("broker"));
    }

    public LocalDatabase database() {
        return new LocalDatabase(folder.resolve("database"));
    }

    /**
     * @param replica counted from 1
     */
    public ServiceProcess service(Service service, int replica) {
        return new ServiceProcess(service, replica, this);
    }

    /** The key of tenant {@code default}, made at its first use. */
    public String apiKey() {
        Path file = folder.resolve("api-key");
        String known = PrivateFiles.read(file);
        if (!known.isEmpty()) {
            return known;
        }
        String made = KEY_PREFIX + Secrets.random();
        PrivateFiles.write(file, made);
        return made;
    }

    /** The key, or the empty string where the fleet was never started. */
    public String knownApiKey() {
        return PrivateFiles.read(folder.resolve("api-key"));
    }

    Path clients() {
        return folder.resolve("clients");
    }

    public void delete() {
        PrivateFiles.delete(folder);
    }
}
