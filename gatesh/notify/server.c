/* SPDX-License-Identifier: BSD-2-Clause */
/* server.c - asks the notification server for its capabilities and watches its name on the bus. */
#include "notify/server.h"

#include <gio/gio.h>
#include <libnotify/notify.h>
#include <string.h>

/* These servers announce `actions` but draw no buttons: the text must not offer a choice that the person can't see. */
static const char *const buttonless[] = {"dunst", "mako", NULL};

static bool server_ask(struct server *s)
{
	char *name = NULL, *vendor = NULL, *version = NULL, *spec = NULL;
	if (!notify_get_server_info(&name, &vendor, &version, &spec))
		return false;
	GList *caps = notify_get_server_caps();
	s->style = (struct text_style){0};
	for (GList *c = caps; c; c = c->next) {
		s->style.markup |= !strcmp(c->data, "body-markup");
		s->style.buttons |= !strcmp(c->data, "actions");
	}
	if (name && g_strv_contains(buttonless, name))
		s->style.buttons = false;
	g_list_free_full(caps, g_free);
	g_free(name);
	g_free(vendor);
	g_free(version);
	g_free(spec);
	return true;
}

/* Another server may have replaced the first one. */
static void server_appeared(GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
	server_ask(data);
}

static void server_vanished(GDBusConnection *bus, const char *name, gpointer data)
{
	struct server *s = data;
	s->gone(s->data, false);
}

static void server_closed(GDBusConnection *bus, gboolean by_peer, GError *error, gpointer data)
{
	struct server *s = data;
	s->gone(s->data, true);
}

bool server_open(struct server *s)
{
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (!bus)
		return false;
	g_dbus_connection_set_exit_on_close(bus, FALSE);
	g_signal_connect(bus, "closed", G_CALLBACK(server_closed), s);
	if (!notify_init("gate") || !server_ask(s)) {
		g_object_unref(bus);
		return false;
	}
	g_bus_watch_name_on_connection(bus, "org.freedesktop.Notifications", G_BUS_NAME_WATCHER_FLAGS_NONE,
				       server_appeared, server_vanished, s, NULL);
	return true; /* the connection stays open until the process ends */
}
