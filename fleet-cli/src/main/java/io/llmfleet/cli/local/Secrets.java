package io.llmfleet.cli.local;

import java.nio.file.Path;
import java.security.SecureRandom;

/** One random password per name, made at its first use and kept in a file of mode 600. */
public final class Secrets {

    private static final String BASE62 =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;

    public Secrets(Path folder) {
        this.folder = folder;
    }

    public synchronized String of(String name) {
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
