package io.llmfleet.producer.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of all that a request for a file says, taken while its content is read. */
final class Fingerprint {

    private final MessageDigest digest;

    Fingerprint(NewFile file) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        String said = file.purpose() + '\0' + file.filename() + '\0' + file.expiresAfter() + '\0';
        digest.update(said.getBytes(StandardCharsets.UTF_8));
    }

    /** What is read from it counts. */
    InputStream over(InputStream content) {
        return new DigestInputStream(content, digest);
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(NewFile file, Files.Content content) throws IOException {
        Fingerprint fingerprint = new Fingerprint(file);
        try (InputStream in = fingerprint.over(content.open())) {
            var _ = in.transferTo(OutputStream.nullOutputStream());
        }
        return fingerprint.hex();
    }
}
