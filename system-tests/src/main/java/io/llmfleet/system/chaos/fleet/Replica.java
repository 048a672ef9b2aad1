package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.local.Ports;
import io.llmfleet.cli.local.Service;
import io.llmfleet.cli.local.ServiceProcess;
import java.time.Duration;
import java.util.Map;

/** One process of a service, and the proxy through which alone it reaches the broker. */
public final class Replica {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final ServiceProcess process;
    private final TcpProxy proxy;
    private final Map<String, String> environment;
    private final int port;

    Replica(ServiceProcess process, TcpProxy proxy, Map<String, String> environment) {
        this.process = process;
        this.proxy = proxy;
        this.environment = environment;
        this.port = Ports.any();
    }

    public String name() {
        return process.name();
    }

    public Service service() {
        return process.service();
    }

    public TcpProxy proxy() {
        return proxy;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts it unless it runs; returns at once. */
    public void start() {
        var _ = process.start(environment, port);
    }

    public void awaitReady() {
        process.awaitReady(READY_LIMIT);
    }

    public boolean ready() {
        return process.ready();
    }

    public boolean running() {
        return process.running();
    }

    /** As a crash would: nothing that it wrote and that the proxy holds back gets through. */
    public void kill() {
        process.kill();
        proxy.dropAll();
    }

    /** Asks it to finish and waits until it has. */
    public void terminate() {
        process.stop();
    }

    public void restart() {
        start();
        awaitReady();
    }
}
