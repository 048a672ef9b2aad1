package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Installs rabbitmq-server from Debian's or Ubuntu's packages, such that no broker of the whole
 * system is started, now or at the next boot.
 */
final class RabbitMqInstaller {

    private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");
    private static final Path POLICY_KEPT = Path.of("/usr/sbin/policy-rc.d.before-fleet");
    private static final int FORBIDDEN = 101;
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String OTHER_WAYS =
            "install RabbitMQ 3.10 or later, start Docker, or give RABBITMQ_URI";

    private RabbitMqInstaller() {}

    /**
     * @throws FleetException saying what to do where it may or can not be installed
     */
    static void install(boolean allowed, Consumer<String> progress) {
        if (!allowed) {
            throw new FleetException(
                    "there is no broker and --no-install forbids to install one: " + OTHER_WAYS);
        }
        if (Programs.find("apt-get").isEmpty() || !Files.exists(Path.of("/etc/debian_version"))) {
            throw new FleetException("there is no broker: " + OTHER_WAYS);
        }
        if (!Programs.root()) {
            throw new FleetException(
                    "there is no broker, and only root can install one: run"
                            + " 'sudo apt-get install rabbitmq-server', or "
                            + OTHER_WAYS);
        }
        progress.accept("no broker found: installing rabbitmq-server with apt-get");
        withoutStartingServices(RabbitMqInstaller::aptGet);
        if (!LocalBroker.available()) {
            throw new FleetException(
                    "apt-get installed a rabbitmq-server that is older than 3.10: " + OTHER_WAYS);
        }
    }

    private static void aptGet() {
        boolean known = Programs.run(LIMIT, "apt-cache", "show", "rabbitmq-server").ok();
        if (!known || !installed().ok()) {
            // No package lists, or old ones.
            run("apt-get", "-o", "DPkg::Lock::Timeout=120", "-qq", "update");
            var output = installed();
            if (!output.ok()) {
                throw new FleetException(
                        "apt-get cannot install rabbitmq-server: " + output.lastLine());
            }
        }
        if (Programs.find("systemctl").isPresent()) {
            run("systemctl", "disable", "rabbitmq-server");
        }
    }

    private static Programs.Output installed() {
        return run(
                "apt-get",
                "-o",
                "DPkg::Lock::Timeout=120",
                "-qq",
                "-y",
                "--no-install-recommends",
                "install",
                "rabbitmq-server");
    }

    private static Programs.Output run(String... command) {
        return Programs.run(LIMIT, Map.of("DEBIAN_FRONTEND", "noninteractive"), List.of(command));
    }

    /** What Debian asks before a package starts its service says no for as long as this takes. */
    private static void withoutStartingServices(Runnable action) {
        if (Programs.run(LIMIT, POLICY.toString(), "rabbitmq-server", "start").exit()
                == FORBIDDEN) {
            action.run();
            return;
        }
        var restore = new Thread(RabbitMqInstaller::restorePolicy);
        Runtime.getRuntime().addShutdownHook(restore);
        try {
            forbid();
            action.run();
        } finally {
            restorePolicy();
            Runtime.getRuntime().removeShutdownHook(restore);
        }
    }

    private static void forbid() {
        try {
            if (Files.exists(POLICY)) {
                Files.move(POLICY, POLICY_KEPT, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(POLICY, "#!/bin/sh\nexit " + FORBIDDEN + "\n");
            Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw PrivateFiles.cannot("write", POLICY, e);
        }
    }

    private static void restorePolicy() {
        try {
            Files.deleteIfExists(POLICY);
            if (Files.exists(POLICY_KEPT)) {
                Files.move(POLICY_KEPT, POLICY);
            }
        } catch (IOException e) {
            throw PrivateFiles.cannot("restore", POLICY, e);
        }
    }
}
