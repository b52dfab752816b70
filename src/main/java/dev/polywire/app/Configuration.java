package dev.polywire.app;

import dev.polywire.core.json.Secrets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A configuration: files in JSON, YAML or HOCON, each overriding those before it; single values from the environment, which
 * override the files ({@link Overrides}); and references to secrets, resolved ({@link Secrets}). It starts nothing.
 */
public final class Configuration {

    private final List<Path> files;
    private final Judged judged;

    /** The result of reading. */
    record Judged(
            JsonObject json,
            ProgramOptions options,
            Secrets secrets,
            Set<Path> references,
            List<Complaint> complaints,
            List<Complaint> warnings,
            UnaryOperator<String> where) {}

    private Configuration(List<Path> files, Judged judged) {
        this.files = files;
        this.judged = judged;
    }

    /**
     * Reads a configuration that is going to be used.
     *
     * @param files at least one
     * @return fails with a {@link ConfigurationException} that holds all its errors
     */
    public static Future<Configuration> load(Vertx vertx, Path... files) {
        return read(vertx, files).compose(Configuration::usable);
    }

    /** All errors of a configuration; empty: it can be used. */
    public static Future<List<Complaint>> check(Vertx vertx, Path... files) {
        return read(vertx, files).map(Configuration::complaints);
    }

    /** Reads a configuration, valid or not: check its {@link #complaints}, and use it only when there are none. */
    public static Future<Configuration> read(Vertx vertx, Path... files) {
        return read(vertx, System.getenv(), files);
    }

    /** The same, on this thread, which waits for the files. */
    static Configuration read(Path... files) {
        return read(System.getenv(), files);
    }

    static Configuration read(Map<String, String> environment, Path... files) {
        List<Path> all = List.of(files);
        return new Configuration(all, Judgement.of(all, environment));
    }

    static Future<Configuration> read(Vertx vertx, Map<String, String> environment, Path... files) {
        return vertx.executeBlocking(() -> read(environment, files));
    }

    /**
     * The configuration of an application, from JSON of its own: {@code connectors}, {@code bridge} and {@code memory}.
     *
     * @return fails with a {@link ConfigurationException} that holds all its errors
     */
    static Future<Configuration> of(Vertx vertx, JsonObject application) {
        return vertx.executeBlocking(() -> new Configuration(List.of(), Judgement.of(application, System.getenv())))
                .compose(Configuration::usable);
    }

    /** The errors, in the order of the document. */
    public List<Complaint> complaints() {
        return judged.complaints();
    }

    /** Settings that work but should be changed: a password on a connection without encryption, a limit
     * for which the heap has no room. */
    public List<Complaint> warnings() {
        return judged.warnings();
    }

    /** The whole configuration, with {@code ***} in place of each secret. */
    public JsonObject shown() {
        return judged.secrets().masked(judged.json());
    }

    /** {@code text} with {@code ***} for each secret of this configuration. */
    public String redact(String text) {
        return judged.secrets().redact(text);
    }

    /** A summary for people: each connector with its maximum number of connections, and the limit of memory. */
    public String report() {
        return new Report(options()).text();
    }

    /** The file and line of a part of it, {@code connectors[0]}; in an application, which has no file, the path. */
    String where(String path) {
        String where = judged.where().apply(path);
        return where.isEmpty() ? path : where;
    }

    /** Whether it limits the memory of all peers. */
    boolean limitsMemory() {
        return judged.json().getValue("memory") != null;
    }

    private Future<Configuration> usable() {
        return complaints().isEmpty()
                ? Future.succeededFuture(this)
                : Future.failedFuture(new ConfigurationException(complaints()));
    }

    ProgramOptions options() {
        return judged.options();
    }

    Path[] files() {
        return files.toArray(Path[]::new);
    }

    /** All files it was read from: its own, and those it refers to. */
    Set<Path> watched() {
        Set<Path> all = new LinkedHashSet<>(files);
        all.addAll(judged.references());
        return all;
    }
}
