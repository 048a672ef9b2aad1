package io.llmfleet.system.chaos.fleet;

/** One node of a broker: a container that can be killed, and cut off the others and everybody. */
public final class ClusterNode {

    private final String network;
    private final int number;
    private final int amqp;
    private final int management;
    private boolean killed;
    private boolean cut;

    ClusterNode(String network, int number, int amqp, int management) {
        this.network = network;
        this.number = number;
        this.amqp = amqp;
        this.management = management;
    }

    int number() {
        return number;
    }

    /** Its port for AMQP on the loopback address. */
    public int amqp() {
        return amqp;
    }

    int management() {
        return management;
    }

    String host() {
        return "node" + number;
    }

    /** As the broker calls it. */
    public String name() {
        return "rabbit@" + host();
    }

    String container() {
        return network + "-" + host();
    }

    void start() {
        Docker.run("start", container());
    }

    /** As a crash would; its data stay. */
    public synchronized void kill() {
        killed = true;
        Docker.run("kill", "--signal=KILL", container());
    }

    /** Takes it off the network; it runs on alone. */
    public synchronized void cutOff() {
        cut = true;
        Docker.run("network", "disconnect", network, container());
    }

    /** Takes back what was done to it. */
    public synchronized void heal() {
        if (cut) {
            Docker.run("network", "connect", "--alias=" + host(), network, container());
            cut = false;
        }
        if (killed) {
            start();
            killed = false;
        }
    }
}
