package io.llmfleet.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose certificate a broker may show: one that an authority of a PEM file signed, or where
 * none is given one of the JDK's.
 *
 * @param authorities null for those of the JDK
 */
public record BrokerTrust(@Nullable KeyStore authorities) {

    /** The environment variable with the path of the PEM file. */
    public static final String VARIABLE = "FLEET_BROKER_CA";

    public static final BrokerTrust OF_JDK = new BrokerTrust(null);

    private static final String ACCEPTED =
            "accepted: a PEM file with the certificate of the authority that signed the broker's";

    /**
     * @param file blank for the JDK's authorities
     * @throws IllegalArgumentException if there is no such file, or it has no certificate
     */
    public static BrokerTrust read(String file) {
        if (file.isBlank()) {
            return OF_JDK;
        }
        try {
            var pem = new ByteArrayInputStream(Files.readAllBytes(Path.of(file.strip())));
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (found.isEmpty()) {
                throw refused(file, "it has no certificate", null);
            }
            return new BrokerTrust(store(found));
        } catch (NoSuchFileException | InvalidPathException e) {
            throw refused(file, "there is no such file", e);
        } catch (IOException e) {
            throw refused(file, "it cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw refused(file, "it is no certificate", e);
        }
    }

    private static KeyStore store(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        return store;
    }

    private static IllegalArgumentException refused(
            String file, String why, @Nullable Exception cause) {
        return new IllegalArgumentException(
                VARIABLE + " is '" + file + "': " + why + "; " + ACCEPTED, cause);
    }

    /**
     * Whoever names an authority wants encryption, and must not be without it by a slip.
     *
     * @param variable with the broker's URI, for the error
     * @throws IllegalArgumentException if an authority is given for a connection in plain text
     */
    public void requireUseBy(boolean encrypted, String variable) {
        if (authorities != null && !encrypted) {
            throw new IllegalArgumentException(
                    VARIABLE
                            + " is given, but "
                            + variable
                            + " is amqp://, which is not encrypted; accepted: amqps://");
        }
    }

    /** For connections that verify the host's name, too. */
    public SSLContext context() {
        try {
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Why no encrypted connection was made, and what to do; empty if something else failed. */
    public static Optional<String> problem(Throwable failure) {
        Throwable tls = null;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLException || t instanceof GeneralSecurityException) {
                tls = t;
            }
        }
        return Optional.ofNullable(tls).map(BrokerTrust::inWords);
    }

    private static String inWords(Throwable innermost) {
        String message = String.valueOf(innermost.getMessage());
        if (innermost instanceof CertificateExpiredException
                || innermost instanceof CertificateNotYetValidException) {
            return "its certificate does not hold now: " + message;
        }
        if (!(innermost instanceof SSLException || innermost instanceof CertificateException)) {
            // The rest is about the path from the certificate to an authority.
            return "no trusted authority signed its certificate; give that authority's PEM file as "
                    + VARIABLE;
        }
        if (message.startsWith("No subject alternative")
                || message.startsWith("No name matching")) {
            return "its certificate is not for this host: " + message;
        }
        return message.startsWith("Unsupported or unrecognized SSL message")
                ? "it does not speak TLS on this port"
                : message;
    }
}
