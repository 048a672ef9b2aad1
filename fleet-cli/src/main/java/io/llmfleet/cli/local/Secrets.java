package io.llmfleet.cli.local;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/**
 * One password per name: the one that was given, else a random one, made at its first use and kept
 * in a file of mode 600.
 */
public final class Secrets {

    private static final String BASE62 =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private final Map<String, String> given;

    public Secrets(Path folder) {
        this(folder, Map.of());
    }

    /**
     * @param given by name; these are not kept
     */
    public Secrets(Path folder, Map<String, String> given) {
        this.folder = folder;
        this.given = Map.copyOf(given);
    }

    public synchronized String of(String name) {
        String decided = given.get(name);
        if (decided != null) {
            return decided;
        }
        Path file = folder.resolve(name);
        String known = PrivateFiles.read(file);
        if (!known.isEmpty()) {
            return known;
        }
        String made = random();
        PrivateFiles.write(file, made);
        return made;
    }

    /** 190 bits, in letters and digits. */
    static String random() {
        return RANDOM.ints(LENGTH, 0, BASE62.length())
                .collect(
                        StringBuilder::new,
                        (s, i) -> s.append(BASE62.charAt(i)),
                        StringBuilder::append)
                .toString();
    }
}
