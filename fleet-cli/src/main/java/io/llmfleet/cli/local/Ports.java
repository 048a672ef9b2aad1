package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on the loopback address; a port once chosen for a home is kept while it is free. */
public final class Ports {

    private static final int FIRST = 18_000;

    /** Where Linux begins with the ports that it chooses itself. */
    private static final int LAST = 32_768;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            // Without it a port whose old connections linger counts as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A free port that this process was not given before, from a range in which systems choose no
     * ports of their own: any outgoing connection could take one of theirs before it is used.
     */
    public static int any() {
        for (int tries = 0; tries < LAST - FIRST; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (GIVEN.add(port) && free(port)) {
                return port;
            }
        }
        throw new FleetException(
                "no port from " + FIRST + " to " + (LAST - 1) + " is free on 127.0.0.1");
    }

    /** The port that the file names if it is free, else another one, which the file then names. */
    static int kept(Path file) {
        String text = PrivateFiles.read(file);
        if (text.matches("[0-9]{1,5}") && free(Integer.parseInt(text))) {
            return Integer.parseInt(text);
        }
        int port = any();
        PrivateFiles.write(file, Integer.toString(port));
        return port;
    }

    /** The port that the file names; 0 if there is none yet. */
    static int known(Path file) {
        String text = PrivateFiles.read(file);
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }
}
