package io.llmfleet.producer.access;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The facade of access: make, list, revoke and check API keys. */
public interface Keys {

    NewApiKey create(String name, String tenant, Role role, KeyLimits limits);

    Optional<ApiKey> find(UUID id);

    /**
     * Changes the limits of a key, on every replica within {@link KeyCache#LIFE}.
     *
     * @param changes empty for a limit that is left to the defaults again
     * @return the key, or nothing if there is none of this id
     */
    Optional<ApiKey> limit(UUID id, Map<Limit, Optional<BigDecimal>> changes);

    /** What is set for a key; nothing if there is none of this id. */
    KeyLimits limits(UUID id);

    /** All keys, revoked ones too, oldest first. */
    List<ApiKey> list();

    /**
     * Makes a key useless, on every replica within {@link KeyCache#LIFE}.
     *
     * @return the key, or nothing if there is none of this id
     */
    Optional<ApiKey> revoke(UUID id);

    /** Who has this secret; nobody if it is unknown or revoked. */
    Optional<Caller> authenticate(String secret);
}
