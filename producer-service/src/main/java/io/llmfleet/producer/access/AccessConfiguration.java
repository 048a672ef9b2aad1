package io.llmfleet.producer.access;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.header.HeaderWriter;

/** Asks for a key wherever it is not said here that none is needed. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessProperties.class)
class AccessConfiguration {

    /** What a machine asks of a service, and what a person reads before having a key. */
    private static final String[] OPEN = {
        "/actuator/health",
        "/actuator/health/**",
        "/actuator/prometheus",
        "/v3/api-docs",
        "/v3/api-docs.yaml",
        "/v3/api-docs/**",
        "/swagger-ui.html",
        "/swagger-ui/**",
        "/console",
        "/console/**",
        "/webjars/uplot/**",
    };

    @Bean
    JdbcKeys jdbcKeys(JdbcClient jdbc) {
        return new JdbcKeys(jdbc);
    }

    @Bean
    Keys keys(JdbcKeys store) {
        return new StoredKeys(
                store,
                cache(hash -> store.find(HexFormat.of().parseHex(hash))),
                cache(store::limits));
    }

    private static <K, V> KeyCache<K, V> cache(Function<K, Optional<V>> lookup) {
        return new KeyCache<>(
                lookup,
                task -> Thread.ofVirtual().name("key-refresh").start(task),
                Clock.systemUTC());
    }

    @Bean
    BootstrapKey bootstrapKey(JdbcKeys store, AccessProperties properties) {
        return new BootstrapKey(store, properties);
    }

    /**
     * Keys are all there is: without this bean the platform would make a user and log a password.
     */
    @Bean
    AuthenticationManager noPasswords() {
        return authentication -> {
            throw new ProviderNotFoundException("there are no passwords, only API keys");
        };
    }

    /** Nobody looks at a measurement of each filter, and it costs as much as the request itself. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /**
     * @param more that write headers beside the usual ones
     */
    @Bean
    SecurityFilterChain security(HttpSecurity http, Keys keys, ObjectProvider<HeaderWriter> more)
            throws Exception {
        return http.headers(headers -> more.forEach(headers::addHeaderWriter))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(
                        requests ->
                                requests.dispatcherTypeMatchers(
                                                DispatcherType.ERROR, DispatcherType.ASYNC)
                                        .permitAll()
                                        .requestMatchers(OPEN)
                                        .permitAll()
                                        .requestMatchers("/api/v1/keys", "/api/v1/keys/**")
                                        .hasRole(Role.ADMIN.name())
                                        .anyRequest()
                                        .authenticated())
                .addFilterBefore(new BearerKeyFilter(keys), AnonymousAuthenticationFilter.class)
                .exceptionHandling(
                        refused ->
                                refused.authenticationEntryPoint(
                                                (request, response, e) ->
                                                        AccessProblems.unauthorized(
                                                                request, response))
                                        .accessDeniedHandler(
                                                (request, response, e) ->
                                                        AccessProblems.forbidden(
                                                                request, response)))
                .build();
    }
}
