package io.llmfleet.system.chaos.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection through a proxy, both ways; it knows from its first bytes what it is for. */
final class ProxiedConnection {

    private static final int BUFFER = 64 * 1024;

    /** The client's properties, which have the connection's name, come within so many bytes. */
    private static final int NAME_WITHIN = 4 * 1024;

    private static final String PUBLISHER = ".publisher";

    private final TcpProxy proxy;
    private final Socket client;
    private final Socket broker;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final StringBuilder head = new StringBuilder();
    private TcpProxy.Use use = TcpProxy.Use.CONSUMING;

    ProxiedConnection(TcpProxy proxy, Socket client, Socket broker) {
        this.proxy = proxy;
        this.client = client;
        this.broker = broker;
    }

    void start() throws IOException {
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        Thread.ofVirtual().name("proxy-up").start(() -> pump(client, broker, true));
        Thread.ofVirtual().name("proxy-down").start(() -> pump(broker, client, false));
    }

    private void pump(Socket from, Socket to, boolean up) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (up) {
                    learnUse(buffer, n);
                    proxy.pass(use);
                }
                if (closed.get()) {
                    return;
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // one side is gone, so the other one goes, too
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reset();
        }
    }

    private void learnUse(byte[] buffer, int n) {
        if (head.length() < NAME_WITHIN) {
            head.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            if (head.indexOf(PUBLISHER) >= 0) {
                use = TcpProxy.Use.PUBLISHING;
            }
        }
    }

    /** Both sides see a reset, not an end. */
    void reset() {
        if (closed.compareAndSet(false, true)) {
            proxy.closed(this);
            reset(client);
            reset(broker);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it is closed already
        }
    }
}
