package dev.polywire.app;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; the message has one line per complaint. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Complaint> complaints;

    ConfigurationException(List<Complaint> complaints) {
        super(complaints.stream().map(Complaint::toString).collect(Collectors.joining("\n")), null, false, false);
        this.complaints = List.copyOf(complaints);
    }

    ConfigurationException(Complaint complaint) {
        this(List.of(complaint));
    }

    /** All errors, in the order of the document; at least one. */
    public List<Complaint> complaints() {
        return complaints;
    }
}
