package io.llmfleet.router.routing;

import io.llmfleet.wire.WorkerInfo;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides whether a tenant may use a place, and which of its models. */
final class ModelPolicy {

    private final TenantProperties tenant;

    ModelPolicy(TenantProperties tenant) {
        this.tenant = tenant;
    }

    /**
     * @param model null where the worker would choose
     */
    record Place(String pool, @Nullable String model) {}

    boolean permits(String model) {
        return tenant.permits(model);
    }

    /**
     * The place as the tenant may use it: where the worker would choose among models of which some
     * are denied, the first that is not. Empty if it may use none.
     */
    Optional<Place> narrow(String pool, @Nullable String model, Knowledge known) {
        if (model != null) {
            return permits(model) ? Optional.of(new Place(pool, model)) : Optional.empty();
        }
        TreeSet<String> offered = new TreeSet<>();
        known.in(pool).forEach(w -> offered.addAll(w.models()));
        if (offered.stream().allMatch(this::permits)) {
            return Optional.of(new Place(pool, null));
        }
        return offered.stream().filter(this::permits).findFirst().map(m -> new Place(pool, m));
    }

    /** Those that offer a model which the tenant may use. */
    List<WorkerInfo> permitted(List<WorkerInfo> workers) {
        return workers.stream()
                .filter(w -> w.models().isEmpty() || w.models().stream().anyMatch(this::permits))
                .toList();
    }
}
