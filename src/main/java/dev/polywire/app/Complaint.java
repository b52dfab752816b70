package dev.polywire.app;

/**
 * Something in a configuration that is not as expected. It never holds a secret.
 *
 * @param where the file and line, {@code conf/bridge.yaml:12}, or the environment variable
 * @param path the field, {@code connectors[0].port}; empty: the whole document
 * @param what what stands there and what was expected
 */
public record Complaint(String where, String path, String what) {

    @Override
    public String toString() {
        return where + ": " + (path.isEmpty() ? "" : path + ": ") + what;
    }
}
