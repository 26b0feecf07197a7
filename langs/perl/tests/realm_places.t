#!/usr/bin/perl

# Calls that look as the API's paths do: the ways to them, ids, and what is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Data::Dumper ();
use Test::More;

use AnsweringServer;
use RealmPl qw(NULL);

my $TOKEN = 'geheim';

my $server = AnsweringServer->new(
    sub {
        my ($request) = @_;
        return 204 if $request->{method} eq 'DELETE';
        return 200, $request->{target} =~ m{/\z|[?]|timezone} ? [] : { id => 7, label => undef };
    }
);

my $realm = RealmPl->new( api_url => $server->url, token => $TOKEN );

# What a call asks the server.
sub asked {
    my ($call) = @_;
    $call->();
    return join ', ', $server->calls;
}

# The message of what a call dies of, which has asked nothing.
sub refused {
    my ($call) = @_;
    return 'not refused' if eval { $call->(); 1 };
    my $error = $@;
    die $error if !ref $error || !$error->isa('RealmPl::IllegalInputException');
    my @calls = $server->calls;
    return @calls ? "asked: @calls" : $error->message;
}

subtest 'nothing is loaded before it is needed' => sub {
    ok !$INC{'RealmPl/ClientPlace.pm'}, 'no place';
    my $client = $realm->client('@me');
    isa_ok $client, 'RealmPl::ClientPlace';
    ok !$INC{'RealmPl/ClientExtensions.pm'}, 'none below it';
    isa_ok $client->extensions, 'RealmPl::ClientExtensions';
    ok !$realm->can($_), "no $_ on the library" for qw(records phone sounds resources_of);
};

subtest 'ways' => sub {
    my $extensions = $realm->client('@me')->extensions;
    is asked( sub { $extensions->list( extension_group_id => 1, type => 'phone' ) } ),
      'GET /client/%40me/extension/?extension_group_id=1&type=phone', 'a list';
    is asked( sub { $extensions->get(2) } ), 'GET /client/%40me/extension/2', 'one, by its id';
    is asked( sub { $extensions->get( extension_id => 2 ) } ), 'GET /client/%40me/extension/2',
      'with its name';
    is asked( sub { $extensions->update( 2, label => 'x' ) } ),
      'PUT /client/%40me/extension/2 {"label":"x"}', 'a change';
    is asked( sub { $extensions->update( 2, label => NULL, status => undef ) } ),
      'PUT /client/%40me/extension/2 {"label":null}', 'a null is not the same as nothing';
    is asked( sub { $extensions->delete(2) } ), 'DELETE /client/%40me/extension/2', 'a deletion';
    is asked( sub { $realm->extension('@1844*101')->phone->get } ),
      'GET /extension/%401844%2A101/phone/', 'an extension by its name';
    is asked( sub { $realm->extension_group(14)->extensions->list } ),
      'GET /extension_group/14/extension/', 'a number';
    is asked( sub { $realm->timezones->list } ), 'GET /timezone/', 'no id at all';
    is asked( sub { $realm->user->oauth->session->get } ), 'GET /user/oauth/session/',
      'places alone';
    is asked( sub { $realm->client( client_id => 5 )->limit->get } ), 'GET /client/5/limit/',
      'an id with its name';
    is asked( sub { $realm->client(5)->sounds->list( id => [ 1, 2 ], own_only => 1 ) } ),
      'GET /client/5/sound/?id=1&id=2&own_only=true', 'one name several times';
};

subtest 'a thing, and the list that it is in' => sub {
    my $uuid   = '1-0123456789abcdef0123456789abcdef';
    my $client = $realm->client(5);
    for my $twin ( q{}, '_p' ) {
        my $delete = "delete$twin";
        for my $call (
            sub { return $client->records->$delete($uuid) },
            sub { return $client->record($uuid)->$delete },
            sub { return $client->record( record_uuid => $uuid )->$delete },
          )
        {
            my $wait = $twin ? sub { $call->()->wait } : $call;
            is asked($wait), "DELETE /client/5/record/$uuid", "the same call$twin";
        }
    }
    can_ok $client->record($uuid), qw(get get_p get_to get_to_p delete delete_p storage_url);
    can_ok $client->records,       qw(list list_p delete_all delete_all_p get_to iterate stats);
    like refused( sub { $client->record($uuid)->delete( record_uuid => 'x' ) } ),
      qr/there is no argument "record_uuid"/, 'what the place has is no argument';
    like refused( sub { $client->records->delete( $uuid, client_id => 1 ) } ),
      qr/arguments are pairs/, 'nor what the way has';
};

subtest 'a member of the body, and an id of the way, of one name' => sub {
    my %user = ( login => 'a', password => 'b', name => 'c', email => 'd@e' );
    my $json = Mojo::JSON::decode_json(
        asked( sub { $realm->client(5)->user->clients->add( client_id => 6, %user ) } ) =~
          m[\APOST /client/5/user/client/ (\{.*)]s );
    is $json->{client_id}, 6, 'each gets its own';
};

subtest 'ids that are none' => sub {
    is refused( sub { $realm->client('abc')->extensions->list } ),
      'list: client_id is "abc", which does not match ([0-9]{1,18}|@me)', 'another text';
    is refused( sub { $realm->client("5\n")->limit->get } ),
      "get: client_id is 5\n, which does not match ([0-9]{1,18}|\@me)", 'not as a whole';
    like refused( sub { $realm->client("\x{664}")->limit->get } ), qr/does not match/,
      'digits of another script';
    like refused( sub { $realm->client('@101')->limit->get } ), qr/does not match/,
      'a name outside of its realm';
    is refused( sub { $realm->client } ), 'client: client_id is missing: the way there needs it',
      'none';
    is refused( sub { $realm->client(undef) } ),
      'client: client_id is missing: the way there needs it', 'nothing';
    is refused( sub { $realm->client( 1, 2, 3 ) } ), 'client: it takes client_id alone', 'too many';
    is refused( sub { $realm->timezones(1) } ),      'timezones: it takes nothing', 'where none is';
    like refused( sub { $realm->client(5)->extensions->get } ), qr/extension_id is missing/,
      'none of the thing';
    like refused(
        sub {
            $realm->client(5)
              ->records->delete_all( start_datetime => 'today', end_datetime => 'tomorrow' );
        }
      ),
      qr/start_datetime is "today", which does not match/, 'a time of the query';
};

subtest 'the own id' => sub {
    my $extension =
      RealmPl->new( api_url => $server->url, token => $TOKEN, user_type => 'extension' );
    is refused( sub { $extension->client('@me')->extensions->list } ),
      'list: client_id is "@me", the id of a user of type client, and this user\'s type is '
      . 'extension: give the id', 'of another type';
    is asked( sub { $extension->extension('@me')->phone->get } ), 'GET /extension/%40me/phone/',
      'of the user';
    is asked( sub { $extension->client(5)->limit->get } ), 'GET /client/5/limit/', 'another id';
    is asked( sub { $realm->client('@me')->limit->get } ), 'GET /client/%40me/limit/',
      'where the type is not known';
    is refused( sub { RealmPl->new( api_url => $server->url, user_type => 'dealer' ) } ),
      'user_type is "dealer": allowed are client, extension_group, extension', 'no such type';
};

subtest 'no credential is shown' => sub {
    my $dumped = Data::Dumper->Dump(
        [
            $realm, $realm->client(5)->records,
            $realm->client(5)->extensions->iterate( type => 'phone' )
        ]
    );
    unlike $dumped, qr/$TOKEN/, 'by a place or an iterator';
    like $dumped,   qr/phone/,  'which show the rest';
};

done_testing;
