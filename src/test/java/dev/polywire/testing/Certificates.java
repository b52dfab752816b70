package dev.polywire.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A self-signed certificate and its key in PEM files, made by the JDK's own {@code keytool}.
 *
 * @param certificate path of the certificate; who trusts this identity trusts this file
 * @param key path of the private key (PKCS #8)
 */
public record Certificates(String certificate, String key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** @param names what the certificate is for, as {@code keytool} writes it: {@code ip:127.0.0.1,dns:localhost} */
    public static Certificates make(Path directory, String alias, String names) {
        Path store = keyPair(directory, alias, "san=" + names);
        return pems(directory, alias, encoded(store, alias));
    }

    /** As {@link #make}, signed by an authority of its own: who trusts {@code <alias>-authority.crt} trusts it. */
    public static Certificates signed(Path directory, String alias, String names) {
        String authority = alias + "-authority";
        Path authorityStore = keyPair(directory, authority, "bc:c=ca:true");
        pems(directory, authority, encoded(authorityStore, authority));
        Path store = keyPair(directory, alias, "san=" + names);
        String request = directory.resolve(alias + ".csr").toString();
        Path certificate = directory.resolve(alias + ".der");
        keytool(store, "-certreq", "-alias", alias, "-file", request);
        keytool(
                authorityStore,
                "-gencert",
                "-alias",
                authority,
                "-infile",
                request,
                "-outfile",
                certificate.toString(),
                "-ext",
                "san=" + names);
        try {
            return pems(directory, alias, Files.readAllBytes(certificate));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Path keyPair(Path directory, String alias, String extension) {
        Path store = directory.resolve(alias + ".p12");
        keytool(
                store,
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-ext",
                extension,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2");
        return store;
    }

    private static byte[] encoded(Path store, String alias) {
        try {
            return load(store).getCertificate(alias).getEncoded();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Certificates pems(Path directory, String alias, byte[] certificate) {
        try {
            byte[] key = load(directory.resolve(alias + ".p12"))
                    .getKey(alias, PASSWORD)
                    .getEncoded();
            return new Certificates(
                    pem(directory.resolve(alias + ".crt"), "CERTIFICATE", certificate),
                    pem(directory.resolve(alias + ".key"), "PRIVATE KEY", key));
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static KeyStore load(Path store) {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            loaded.load(in, PASSWORD);
            return loaded;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String pem(Path file, String what, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
        return file.toString();
    }

    private static void keytool(Path store, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
