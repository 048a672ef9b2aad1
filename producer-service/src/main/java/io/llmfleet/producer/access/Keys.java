package io.llmfleet.producer.access;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The facade of access: make, list, revoke and check API keys. */
public interface Keys {

    NewApiKey create(String name, String tenant, Role role);

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
