package io.llmfleet.producer.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names for webhooks, and only to addresses that webhooks may go to. The connection is
 * made to the very address that was checked, so a name that changes its mind in between gains
 * nothing.
 */
final class CheckedAddresses implements DnsResolver {

    /** The name stands for an address that no webhook goes to. */
    static final class ForbiddenAddressException extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        ForbiddenAddressException(String host) {
            super(host + " is in a private or special network, where no webhook is sent");
        }
    }

    private final DnsResolver resolver;
    private final Set<String> allowed;

    /**
     * @param allowedHosts that may be anywhere
     */
    CheckedAddresses(DnsResolver resolver, List<String> allowedHosts) {
        this.resolver = resolver;
        this.allowed = new HashSet<>();
        allowedHosts.forEach(h -> allowed.add(withoutPort(h).toLowerCase(Locale.ROOT)));
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d+$", "");
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = resolver.resolve(host);
        if (!allowed.contains(host.toLowerCase(Locale.ROOT))) {
            for (InetAddress address : addresses) {
                if (!AddressPolicy.isPublic(address)) {
                    throw new ForbiddenAddressException(host);
                }
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
