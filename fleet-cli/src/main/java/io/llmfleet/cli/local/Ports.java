package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** Ports on the loopback address; a port once chosen for a home is kept while it is free. */
public final class Ports {

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

    public static int any() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new FleetException("no free port on 127.0.0.1: " + e.getMessage(), e);
        }
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
