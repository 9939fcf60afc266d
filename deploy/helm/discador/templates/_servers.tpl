{{/* The variables that hold addresses with passwords. They come from Secrets; Kubernetes puts a password into its place, $(NAME). */}}

{{- define "discador.secretVariable" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{/* One server: (dict "root" $ "server" "postgresql" "variable" "DATABASE_URL" "trialUrl" "postgres://…") */}}
{{- define "discador.server" -}}
{{- $given := get .root.Values .server -}}
{{- if $given.trial -}}
- name: {{ .variable }}
  value: {{ .trialUrl | quote }}
{{- else if $given.existingSecret -}}
{{ include "discador.secretVariable" (dict "variable" .variable "secret" $given.existingSecret "key" $given.existingSecretKey) }}
{{- else -}}
{{ include "discador.secretVariable" (dict "variable" .variable "secret" (.secret | default (printf "%s-servers" (include "discador.fullname" .root))) "key" (printf "%s-url" .server)) }}
{{- end -}}
{{- end -}}

{{- define "discador.postgresql" -}}
{{- include "discador.server" (dict "root" .root "secret" .secret "server" "postgresql" "variable" "DATABASE_URL" "trialUrl" (printf "postgres://discador:$(TRIAL_PASSWORD)@%s-postgresql:5432/discador" (include "discador.fullname" .root))) -}}
{{- end -}}

{{- define "discador.redis" -}}
{{- include "discador.server" (dict "root" .root "server" "redis" "variable" "REDIS_URL" "trialUrl" (printf "redis://:$(TRIAL_PASSWORD)@%s-redis:6379" (include "discador.fullname" .root))) -}}
{{- end -}}

{{- define "discador.rabbitmq" -}}
{{- include "discador.server" (dict "root" .root "server" "rabbitmq" "variable" "AMQP_URL" "trialUrl" (printf "amqp://discador:$(TRIAL_PASSWORD)@%s-rabbitmq:5672" (include "discador.fullname" .root))) -}}
{{- end -}}

{{- define "discador.locks" -}}
{{- $locks := .root.Values.redis.locks -}}
{{- if $locks.existingSecret -}}
{{ include "discador.secretVariable" (dict "variable" "REDIS_LOCKS" "secret" $locks.existingSecret "key" $locks.existingSecretKey) }}
{{- else if $locks.urls -}}
{{ include "discador.secretVariable" (dict "variable" "REDIS_LOCKS" "secret" (printf "%s-servers" (include "discador.fullname" .root)) "key" "redis-locks") }}
{{- end -}}
{{- end -}}

{{- define "discador.anyTrial" -}}
{{- if or .Values.postgresql.trial .Values.redis.trial .Values.rabbitmq.trial }}true{{ end -}}
{{- end -}}

{{/* Passwords that the chart makes: one Secret, made once and kept. */}}
{{- define "discador.passwords" -}}
{{ include "discador.fullname" . }}-passwords
{{- end -}}

{{/* All PBXs: ours in the cluster, then those outside. `login` tells the variables of their passwords apart. */}}
{{- define "discador.pbxs" -}}
{{- $own := printf "%s-asterisk" (include "discador.fullname" .) -}}
{{- $secret := .Values.asterisk.existingSecret | default (include "discador.passwords" .) -}}
pbxs:
{{- range $index := until (int .Values.asterisk.replicas) }}
  - {name: pbx-{{ $index }}, host: {{ $own }}-{{ $index }}.{{ $own }}, amiPort: 5038, ariPort: 8088, weight: {{ $.Values.asterisk.weight }}, secret: {{ $secret }}, login: PBX}
{{- end }}
{{- range $index, $pbx := .Values.pbxs }}
  - {name: {{ $pbx.name }}, host: {{ $pbx.host }}, amiPort: {{ $pbx.amiPort | default 5038 }}, ariPort: {{ $pbx.ariPort | default 8088 }}, weight: {{ $pbx.weight | default 1 }}, secret: {{ $pbx.existingSecret }}, login: PBX{{ add1 $index }}}
{{- end }}
{{- end -}}

{{- define "discador.pbxVariables" -}}
{{- $pbxs := (include "discador.pbxs" .root | fromYaml).pbxs -}}
{{- $needs := .needs -}}
{{- $names := list -}}{{- $weights := list -}}{{- $ami := list -}}{{- $ari := list -}}{{- $seen := dict -}}
{{- $user := ternary "dialer" "monitor" (has "ami-dialer" $needs) -}}
{{- range $pbx := $pbxs -}}
{{- $names = append $names $pbx.name -}}
{{- $weights = append $weights $pbx.weight -}}
{{- $ami = append $ami (printf "tcp://%s:$(AMI_SECRET_%s)@%s:%v" $user $pbx.login $pbx.host $pbx.amiPort) -}}
{{- $ari = append $ari (printf "http://observer:$(ARI_SECRET_%s)@%s:%v" $pbx.login $pbx.host $pbx.ariPort) -}}
{{- $_ := set $seen $pbx.login $pbx.secret -}}
{{- end -}}
- name: PBX_NAME
  value: {{ join "," $names | quote }}
{{- if has "ami-dialer" $needs }}
- name: PBX_WEIGHT
  value: {{ join "," $weights | quote }}
{{- end }}
{{- if or (has "ami-dialer" $needs) (has "ami-monitor" $needs) }}
{{- range $login, $secret := $seen }}
{{ include "discador.secretVariable" (dict "variable" (printf "AMI_SECRET_%s" $login) "secret" $secret "key" (printf "ami-%s-secret" $user)) }}
{{- end }}
- name: AMI_URL
  value: {{ join "," $ami | quote }}
{{- end }}
{{- if has "ari-observer" $needs }}
{{- range $login, $secret := $seen }}
{{ include "discador.secretVariable" (dict "variable" (printf "ARI_SECRET_%s" $login) "secret" $secret "key" "ari-observer-secret") }}
{{- end }}
- name: ARI_URL
  value: {{ join "," $ari | quote }}
{{- end }}
{{- end -}}
