package io.llmfleet.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Tells a process from all others of a fleet: by its host, too, since in containers every process
 * has the same id.
 */
public final class ProcessName {

    private ProcessName() {}

    /** {@code <host>-<process id>} */
    public static String get() {
        return host() + "-" + ProcessHandle.current().pid();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host";
        }
    }
}
