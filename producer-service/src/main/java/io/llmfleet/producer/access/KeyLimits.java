package io.llmfleet.producer.access;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits and their values; what is not in it is not limited, or left to the defaults.
 *
 * @param values each one accepted by its {@link Limit}
 */
public record KeyLimits(Map<Limit, BigDecimal> values) {

    public static final KeyLimits NONE = new KeyLimits(Map.of());

    public KeyLimits {
        Map<Limit, BigDecimal> plain = new EnumMap<>(Limit.class);
        values.forEach((limit, value) -> plain.put(limit, plain(value)));
        values = Map.copyOf(plain);
    }

    /** Nothing if it is not limited. */
    public OptionalLong whole(Limit limit) {
        BigDecimal value = values.get(limit);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value.longValueExact());
    }

    /** The value, or null if it is not limited. */
    public @Nullable BigDecimal get(Limit limit) {
        return values.get(limit);
    }

    /** These, and the defaults for what they leave open. */
    public KeyLimits orElse(KeyLimits defaults) {
        if (values.isEmpty()) {
            return defaults;
        }
        Map<Limit, BigDecimal> all = new EnumMap<>(Limit.class);
        all.putAll(defaults.values);
        all.putAll(values);
        return new KeyLimits(all);
    }

    /**
     * @param changes empty for a limit that is left to the defaults again
     */
    public KeyLimits with(Map<Limit, Optional<BigDecimal>> changes) {
        Map<Limit, BigDecimal> changed = new EnumMap<>(Limit.class);
        changed.putAll(values);
        changes.forEach(
                (limit, value) ->
                        value.ifPresentOrElse(
                                v -> changed.put(limit, v), () -> changed.remove(limit)));
        return new KeyLimits(changed);
    }

    /** By the limits' names in JSON, in the order of {@link Limit}. */
    public Map<String, BigDecimal> wire() {
        Map<String, BigDecimal> wire = new LinkedHashMap<>();
        for (Limit limit : Limit.values()) {
            BigDecimal value = values.get(limit);
            if (value != null) {
                wire.put(limit.wire(), value);
            }
        }
        return wire;
    }

    /** Reads {@link #wire()}; limits of a newer version are passed over. */
    static KeyLimits ofWire(Map<String, BigDecimal> wire) {
        Map<Limit, BigDecimal> values = new EnumMap<>(Limit.class);
        wire.forEach((name, value) -> Limit.ofWire(name).ifPresent(l -> values.put(l, value)));
        return new KeyLimits(values);
    }

    /** Never as 1E+3. */
    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
