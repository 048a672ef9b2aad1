package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder in which one fleet keeps everything: keys and passwords, data, process ids, logs. Two
 * homes are two fleets that know nothing of each other.
 */
public final class FleetHome {

    private static final String KEY_PREFIX = "flk_";
    private static final String API_KEY = "api-key";
    private static final String CLIENTS = "clients";
    private static final String SECRETS = "secrets";
    private static final Pattern KEEPSAKE =
            Pattern.compile(API_KEY + "|" + CLIENTS + "|" + SECRETS + "/[a-z0-9-]{1,60}");

    private final Path folder;
    private final Applications applications;

    /**
     * @param root of the project, where the services' jars are
     * @param folder made at its first use
     */
    public FleetHome(Path root, Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        this.applications = new Applications(root, Applications.folder(root, this.folder));
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
        return new Secrets(folder.resolve(SECRETS), given);
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
        Path file = folder.resolve(API_KEY);
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
        return PrivateFiles.read(folder.resolve(API_KEY));
    }

    Path clients() {
        return folder.resolve(CLIENTS);
    }

    /** Contents of the files without which a restored store is of little use, by name. */
    public Map<String, String> keepsakes() {
        Map<String, String> all = new TreeMap<>();
        Stream.concat(Stream.of(API_KEY, CLIENTS), secretNames())
                .forEach(name -> all.put(name, PrivateFiles.read(folder.resolve(name))));
        all.values().removeIf(String::isEmpty);
        return all;
    }

    private Stream<String> secretNames() {
        String[] names = folder.resolve(SECRETS).toFile().list();
        return names == null ? Stream.of() : Arrays.stream(names).map(n -> SECRETS + "/" + n);
    }

    /**
     * Writes them as {@link #keepsakes()} read them.
     *
     * @throws FleetException if one has another name
     */
    public void keep(Map<String, String> keepsakes) {
        keepsakes.forEach(
                (name, content) -> {
                    if (!KEEPSAKE.matcher(name).matches()) {
                        throw new FleetException("the backup has a file '" + name + "'");
                    }
                    PrivateFiles.write(folder.resolve(name), content);
                });
    }

    /** Makes what lets services of this build start fast, for all fleets of the project. */
    public void prepare(Consumer<String> progress) {
        applications.prepare(progress);
    }

    /** Has the migrations that make the store's tables. */
    public Path producerJar() {
        return applications.extracted(Service.PRODUCER);
    }

    public void delete() {
        PrivateFiles.delete(folder);
    }
}
