package io.llmfleet.system.chaos.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Stands between one process and the broker: resets its connections, or holds back what the process
 * writes on those that publish or on those that consume.
 *
 * <ul>
 *   <li>I1: {@code held} is read and written under {@code lock}.
 *   <li>I2: what was held back on a connection that was cut meanwhile never reaches the broker.
 * </ul>
 */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket server;
    private final IntSupplier target;
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final EnumSet<Use> held = EnumSet.noneOf(Use.class);

    /** What a connection is for; services name their publishing connections so. */
    public enum Use {
        PUBLISHING,
        CONSUMING
    }

    /**
     * @param target the broker's port on the loopback address
     */
    public TcpProxy(IntSupplier target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy-accept").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return open.size();
    }

    /** How many connections were reset so far. */
    public int cuts() {
        return cuts.get();
    }

    /** Resets one connection, if there is one. */
    public void cutOne(Random random) {
        List<ProxiedConnection> now = new ArrayList<>(open);
        if (!now.isEmpty()) {
            now.get(random.nextInt(now.size())).reset();
            cuts.incrementAndGet();
        }
    }

    /** Resets all connections; what was held back on them is lost. */
    public void dropAll() {
        List.copyOf(open).forEach(ProxiedConnection::reset);
    }

    /** From now on the broker gets nothing more that is written on such connections. */
    public void hold(Use use) {
        lock.lock();
        try {
            held.add(use);
        } finally {
            lock.unlock();
        }
    }

    /** What was held back goes on, on the connections that are still open. */
    public void release() {
        lock.lock();
        try {
            held.clear();
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when connections of that use may write. */
    void pass(Use use) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (held.contains(use)) {
                released.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void closed(ProxiedConnection connection) {
        open.remove(connection);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // closed: the loop ends; anything else: the next one may do better
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket broker = new Socket();
        try {
            broker.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getAsInt()),
                    2_000);
        } catch (IOException e) {
            client.close();
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(this, client, broker);
        open.add(connection);
        connection.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // it is of no use any more
        }
        release();
        dropAll();
    }
}
