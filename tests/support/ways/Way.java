// SPDX-License-Identifier: BSD-2-Clause
// Way.java - the acts of way.c, by Java's classes.
//
//   java Way ACT A B [ACT A B]...
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;

public class Way {
	static final byte[] NEW = "new".getBytes();

	static void make(String path) throws IOException {
		Files.write(Paths.get(path), NEW, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
	}

	static void overwrite(String path) throws IOException {
		try (FileOutputStream f = new FileOutputStream(path)) {
			f.write(NEW);
		}
	}

	static void inPlace(String path, long where, boolean cut) throws IOException {
		if (!new File(path).exists()) // else "rw" creates it
			throw new NoSuchFileException(path);
		try (RandomAccessFile f = new RandomAccessFile(path, "rw")) {
			if (cut) {
				f.setLength(1);
				return;
			}
			f.seek(where);
			f.write(NEW);
		}
	}

	static String run(String path, String argument) throws Exception {
		ProcessBuilder b = new ProcessBuilder(path, argument);
		b.environment().clear();
		b.environment().put("OWN", "environment");
		int status = b.inheritIO().start().waitFor();
		return status == 0 ? "ok" : "status " + status;
	}

	static void dial(String address, int port) throws IOException {
		try (Socket s = new Socket(address, port)) {
			s.getPort();
		}
	}

	static void temp() throws IOException {
		Files.delete(Files.createTempFile(Paths.get("own"), "t", ""));
	}

	static String act(String name, String a, String b) throws Exception {
		switch (name) {
		case "make": make(a); break;
		case "unlink": Files.delete(Paths.get(a)); break;
		case "rename": Files.move(Paths.get(a), Paths.get(b), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE); break;
		case "truncate": inPlace(a, 0, true); break;
		case "overwrite": overwrite(a); break;
		case "inplace": inPlace(a, 100, false); break;
		case "creat": Files.write(Paths.get(a), NEW); break;
		case "exec": return run(a, b);
		case "connect": dial(a, Integer.parseInt(b)); break;
		case "temp": temp(); break;
		default: return "n/a";
		}
		return "ok";
	}

	public static void main(String[] args) {
		for (int i = 0; i + 2 < args.length; i += 3) {
			String said;
			try {
				said = act(args[i], args[i + 1], args[i + 2]);
			} catch (Exception e) {
				said = e.toString();
			}
			System.out.println("= " + args[i] + " " + args[i + 1] + ": " + said);
		}
	}
}
