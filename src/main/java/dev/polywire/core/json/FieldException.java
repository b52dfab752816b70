package dev.polywire.core.json;

import java.util.List;

/** A JSON field is missing, unknown, or not what was expected. The message begins with the field's path. */
public final class FieldException extends RuntimeException {

    private final String path;
    private final String complaint;
    private final boolean tooMuch;

    public FieldException(String path, String complaint) {
        this(path, complaint, false);
    }

    private FieldException(String path, String complaint, boolean tooMuch) {
        super(path + ": " + complaint, null, false, false);
        this.path = path;
        this.complaint = complaint;
        this.tooMuch = tooMuch;
    }

    /** Several complaints as one, each on a line. @param all at least one */
    static FieldException of(List<FieldException> all) {
        FieldException first = all.get(0);
        StringBuilder complaint = new StringBuilder(first.complaint);
        all.subList(1, all.size()).forEach(each -> complaint.append('\n').append(each.getMessage()));
        return new FieldException(first.path, complaint.toString());
    }

    /** The JSON is well formed as far as it was read, and exceeds a configured limit. */
    static FieldException tooMuch(String path, String complaint) {
        return new FieldException(path, complaint, true);
    }

    /** Whether the JSON exceeds a limit on memory, rather than having a wrong form. */
    public boolean isTooMuch() {
        return tooMuch;
    }

    /** The field, with dots between levels: {@code tls.certificate}. */
    public String path() {
        return path;
    }

    /** What is wrong with the field, and what was expected. */
    public String complaint() {
        return complaint;
    }
}
