package io.llmfleet.producer.capacity;

import io.llmfleet.capacity.ServiceTime;
import io.llmfleet.capacity.WaitingLine;
import io.llmfleet.model.Priority;
import io.llmfleet.producer.capacity.PoolLoad.ClassLoad;
import io.llmfleet.producer.capacity.PoolLoad.Little;
import io.llmfleet.producer.capacity.PoolLoad.Wait;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts what was measured of a pool beside what the model says of it. */
final class LoadPolicy {

    private LoadPolicy() {}

    /**
     * @param all the whole pool's traffic
     * @param classes the same by priority
     * @param seconds length of the window
     */
    static PoolLoad load(
            Traffic all, List<Traffic> classes, int workers, int slots, double seconds) {
        WaitingLine line = line(all, slots, seconds);
        ServiceTime service = service(all);
        return new PoolLoad(
                all.pool(),
                workers,
                slots,
                all.arrived() / seconds,
                all.started() / seconds,
                all.ended() / seconds,
                all.present(),
                service == null ? null : service.mean(),
                service == null ? null : Math.sqrt(service.cv2()),
                service == null ? null : service.rate(),
                line == null ? null : line.utilisation(),
                waits(all, line),
                little(all, seconds),
                classes.stream().map(c -> load(c, classes, all.way(), line, seconds)).toList());
    }

    /** Null before a task has ended. */
    static @Nullable ServiceTime service(Traffic traffic) {
        Double mean = traffic.serviceMean();
        Double variance = traffic.serviceVariance();
        return mean == null || variance == null || mean <= 0
                ? null
                : new ServiceTime(mean, variance / (mean * mean));
    }

    private static @Nullable WaitingLine line(Traffic traffic, int slots, double seconds) {
        ServiceTime service = service(traffic);
        return service == null || slots < 1
                ? null
                : new WaitingLine(traffic.arrived() / seconds, slots, service);
    }

    private static Wait waits(Traffic all, @Nullable WaitingLine line) {
        return line == null
                ? new Wait(all.waited(), null, null, all.way())
                : new Wait(
                        all.waited(),
                        behind(all.way(), line.meanWait()),
                        behind(all.way(), line.waitQuantile(0.95)),
                        all.way());
    }

    private static @Nullable Double behind(@Nullable Double way, double inLine) {
        return Double.isInfinite(inLine) ? null : (way == null ? 0 : way) + inLine;
    }

    private static Little little(Traffic all, double seconds) {
        double length = all.presence() / seconds;
        Double stay = all.stay();
        double product = stay == null ? 0 : all.arrived() / seconds * stay;
        return new Little(length, stay, product > 0 ? length / product : null);
    }

    private static ClassLoad load(
            Traffic own,
            List<Traffic> classes,
            @Nullable Double way,
            @Nullable WaitingLine line,
            double seconds) {
        Priority priority = Objects.requireNonNull(own.priority());
        double higher =
                classes.stream()
                        .filter(c -> Objects.requireNonNull(c.priority()).compareTo(priority) < 0)
                        .mapToDouble(c -> c.arrived() / seconds)
                        .sum();
        return new ClassLoad(
                priority.wire(),
                own.arrived() / seconds,
                own.started() / seconds,
                own.ended() / seconds,
                own.present(),
                own.waited(),
                line == null ? null : behind(way, line.meanWait(higher, own.arrived() / seconds)));
    }
}
