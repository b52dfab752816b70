package dev.polywire.app;

/**
 * An error in a configuration. It never contains a secret.
 *
 * @param where the file and line, {@code conf/bridge.yaml:12}, or the environment variable; empty: in an application
 * @param path the field, {@code connectors[0].port}; empty: the whole document
 * @param what the value found, and the expectation
 */
public record Complaint(String where, String path, String what) {

    @Override
    public String toString() {
        return (where.isEmpty() ? "" : where + ": ") + (path.isEmpty() ? "" : path + ": ") + what;
    }
}
